import { Injectable, UnauthorizedException, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { AuthGuard, PassportStrategy } from '@nestjs/passport';
import { fromNodeHeaders } from 'better-auth/node';
import { importJWK, jwtVerify, type CryptoKey } from 'jose';
import { ExtractJwt, Strategy } from 'passport-jwt';
import type { Repository } from 'typeorm';
import { createAuth, type Auth } from './better-auth.ts';
import { SessionEntity } from './entities.ts';
import type { GuardedRequest, Identity } from './identity.ts';
import { readSetting } from './setting.ts';

const requestOf = (context: ExecutionContext): GuardedRequest => context.switchToHttp().getRequest<GuardedRequest>();
const bearerOf = (request: GuardedRequest): string => request.headers['authorization']?.slice('Bearer '.length) ?? '';

/** What a token without a lookup knows; the rest of the body is filled so that all bodies are of one size. */
function fromClaims(sub: string | undefined, sid: unknown): Identity {
  if (sub === undefined || typeof sid !== 'string') throw new UnauthorizedException();
  return {
    user: { id: sub, name: 'User 1', email: 'user-1@example.com', emailVerified: true, image: null },
    session: { id: sid, createdAt: '2030-01-01T00:00:00.000Z', expiresAt: '2030-01-08T00:00:00.000Z' },
  };
}

/** The usual snippet: TypeORM's findOne with the user, on every request. */
@Injectable()
export class FindOneGuard implements CanActivate {
  constructor(@InjectRepository(SessionEntity) private readonly sessions: Repository<SessionEntity>) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = requestOf(context);
    const session = await this.sessions.findOne({ where: { token: bearerOf(request) }, relations: { user: true } });
    if (!session || session.expiresAt <= new Date() || session.user.banned === true) throw new UnauthorizedException();
    request.identity = { user: session.user, session };
    return true;
  }
}

/** EdDSA by jose on every request, the key imported once. Nothing can be revoked. */
@Injectable()
export class JoseGuard implements CanActivate {
  readonly #setting = readSetting();
  #key: Promise<CryptoKey | Uint8Array> | undefined;

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = requestOf(context);
    this.#key ??= importJWK(JSON.parse(this.#setting.publicKey) as Record<string, string>, 'EdDSA');
    try {
      const { payload } = await jwtVerify(bearerOf(request), await this.#key, {
        algorithms: ['EdDSA'],
        issuer: this.#setting.origin,
        audience: this.#setting.origin,
        requiredClaims: ['exp', 'sub', 'sid'],
      });
      request.identity = fromClaims(payload.sub, payload['sid']);
      return true;
    } catch {
      throw new UnauthorizedException();
    }
  }
}

/** passport-jwt with HS256, by @nestjs/passport. Nothing can be revoked. */
@Injectable()
export class HmacStrategy extends PassportStrategy(Strategy) {
  constructor() {
    const { secret, origin } = readSetting();
    super({
      jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(),
      secretOrKey: secret,
      algorithms: ['HS256'],
      issuer: origin,
      audience: origin,
    });
  }

  validate({ sub, sid }: { sub?: string; sid?: string }): Identity {
    return fromClaims(sub, sid);
  }
}

@Injectable()
export class PassportGuard extends AuthGuard('jwt') {}

/** Better Auth's own getSession, called on every request. */
abstract class GetSessionGuard implements CanActivate {
  constructor(private readonly auth: Auth) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = requestOf(context);
    const found = await this.auth.api.getSession({ headers: fromNodeHeaders(request.headers) });
    if (!found) throw new UnauthorizedException();
    request.identity = found;
    return true;
  }
}

@Injectable()
export class PlainGetSessionGuard extends GetSessionGuard {
  constructor() {
    super(createAuth(readSetting()));
  }
}

@Injectable()
export class CachedGetSessionGuard extends GetSessionGuard {
  constructor() {
    super(createAuth(readSetting(), { cookieCache: true }));
  }
}

/** For the bare application: nobody is asked for anything; the rows listed are one user's after the other. */
@Injectable()
export class OpenGuard implements CanActivate {
  #turn = 0;

  canActivate(context: ExecutionContext): boolean {
    this.#turn = (this.#turn % 1_000) + 1;
    requestOf(context).identity = fromClaims(`user-${this.#turn}`, 'session');
    return true;
  }
}
