/** What a browser runs first: it stands in the page itself (vite.config.mjs), asks what runs, and sets the theme. */
import { beginEarly } from './data/early.ts';
import { keyOfPage } from './data/page-key.ts';
import { showTheme, stored } from './data/stored-settings.ts';

beginEarly(keyOfPage());
showTheme(stored().theme);
