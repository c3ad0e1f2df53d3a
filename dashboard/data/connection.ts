/** The one connection to the gateway that served this page. */
import { connectHttp } from '../../src/http/index.ts';
import { fetchOnce } from './early.ts';
import { keyOfPage } from './page-key.ts';

const key = keyOfPage();

export const upkeep = connectHttp({ fetch: fetchOnce, ...(key !== undefined && { key }) });
