import 'server-only';
import { env } from '../env.ts';
import { answerAuthRequest } from './answer.ts';
import { authRoutes } from './index.ts';
import { refuseOtherAccount } from './page-account.ts';

/** Answers `/api/auth/*`. */
export async function handleAuthRequest(request: Request): Promise<Response> {
  const auth = authRoutes();
  // A lookup that fails is left to the route, which says what is wrong.
  const session = () => auth.api.getSession({ headers: request.headers }).catch(() => null);
  return (await refuseOtherAccount(request.headers, session)) ?? answerAuthRequest(auth, env(), request);
}
