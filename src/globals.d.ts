/** The package's version, put in by the build. */
declare const __UPKEEP_VERSION__: string;
