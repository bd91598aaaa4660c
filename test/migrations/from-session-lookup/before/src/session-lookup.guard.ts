import { Injectable, UnauthorizedException, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { DataSource } from 'typeorm';

export interface SessionUser {
  readonly id: string;
  readonly name: string;
  readonly email: string;
}

export interface GuardedRequest {
  readonly headers: Readonly<Record<string, string | undefined>>;
  user?: SessionUser;
}

/** What `Depends(get_current_user)` is in FastAPI: looks the session up on every request. */
@Injectable()
export class SessionLookupGuard implements CanActivate {
  constructor(private readonly dataSource: DataSource) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<GuardedRequest>();
    const [user] = await this.dataSource.query<SessionUser[]>(
      `select u.id, u.name, u.email from session s join "user" u on u.id = s."userId"
       where s.token = $1 and s."expiresAt" > now()`,
      [tokenOf(request)],
    );
    if (!user) throw new UnauthorizedException();
    request.user = user;
    return true;
  }
}

/** The Bearer token, or what stands before the signature in Better Auth's cookie. */
function tokenOf({ headers: { authorization, cookie } }: GuardedRequest): string | undefined {
  const [, bearer] = /^Bearer (.+)$/i.exec(authorization ?? '') ?? [];
  const [, signed] = /better-auth\.session_token=([^;]+)/.exec(cookie ?? '') ?? [];
  return bearer ?? signed?.split('.')[0];
}
