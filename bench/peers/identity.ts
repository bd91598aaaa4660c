/** What a guard knows of a request, whichever library it is from. */
export interface Identity {
  readonly user: {
    readonly id: string;
    readonly name?: string;
    readonly email?: string;
    readonly emailVerified?: boolean;
    readonly image?: string | null | undefined;
  };
  readonly session: { readonly id: string; readonly createdAt?: Date | string; readonly expiresAt?: Date | string };
}

/** A request once a guard let it through. */
export interface GuardedRequest {
  readonly headers: Record<string, string | undefined>;
  identity?: Identity;
}
