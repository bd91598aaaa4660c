import 'server-only';
import { env } from '../env.ts';
import { answerAuthRequest } from './answer.ts';
import { auth } from './index.ts';

/** Answers `/api/auth/*`. */
export function handleAuthRequest(request: Request): Promise<Response> {
  return answerAuthRequest(auth(), env(), request);
}
