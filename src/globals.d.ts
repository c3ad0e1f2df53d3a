/** The package's version, put in by the build. */
declare const __UPKEEP_VERSION__: string;
/** JSON of a KitContent (see daemon/kit.ts); only in the daemon's bundle. */
declare const __UPKEEP_KIT__: string;
/** The seal of the daemon's code that belongs to its entrance. */
declare const __UPKEEP_DAEMON_CODE__: string;
