/** The one connection to the gateway that served this page. */
import { connectHttp, keyOfPage } from '../../src/http/index.ts';

const key = keyOfPage();

export const upkeep = connectHttp(key === undefined ? {} : { key });
