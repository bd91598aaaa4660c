import { APP } from './x.ts';
import { session } from '@session-guard/auth';
console.log(APP, session);
