// See lib/seamless.mjs.
import { measureKind } from '../lib/seamless.mjs';

export const measure = (context) => measureKind(context, 'crash');
