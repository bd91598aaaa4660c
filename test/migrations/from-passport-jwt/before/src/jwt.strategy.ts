import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { ExtractJwt, Strategy } from 'passport-jwt';
import { env } from './env.ts';
import { signingKey } from './signing-key.ts';

/** What this application keeps of a token. */
export interface JwtUser {
  readonly userId: string;
  readonly name: string;
  readonly email: string;
}

@Injectable()
export class JwtStrategy extends PassportStrategy(Strategy) {
  constructor() {
    super({
      jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(),
      secretOrKeyProvider: signingKey,
      algorithms: ['ES256'],
      issuer: env.betterAuthUrl,
      audience: env.betterAuthUrl,
    });
  }

  validate({ sub, name, email }: { sub: string; name: string; email: string }): JwtUser {
    return { userId: sub, name, email };
  }
}
