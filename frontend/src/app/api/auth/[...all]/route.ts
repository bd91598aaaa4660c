import { auth } from '../../../../server/auth/index.ts';

const handler = (request: Request): Promise<Response> => auth().handler(request);

export { handler as DELETE, handler as GET, handler as PATCH, handler as POST, handler as PUT };
