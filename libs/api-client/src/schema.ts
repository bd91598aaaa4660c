/** Generated from openapi.json by `npm run openapi`; edit neither. */
export interface paths {
    "/api/health/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Is the process alive?
         * @description Asks nothing of anybody: answers while the process runs.
         */
        get: operations["getLiveness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/health/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Can requests be served?
         * @description 200 when the database answers, else 503 `not_ready`.
         */
        get: operations["getReadiness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who is signed in
         * @description The user and the session of the credential. No token is ever returned.
         */
        get: operations["getMe"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tasks/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow one's own tasks
         * @description Server-sent events, from whichever instance made the change: `task.created`, `task.updated` and `task.deleted` with `{ "id", "version" }`.
         *
         *     A task that was restored is `task.created` again, under a new version.
         *
         *     The stream begins with `ready`. After `reset` read the list again: changes were too many, or can no longer be told.
         *
         *     When the session ends, `session.ended` with `{ "reason": "revoked" | "expired" }` is the last event.
         *
         *     A reader that falls more than a hundred events behind, or does not read for a minute, is disconnected. At most 20 streams a user (429), and a limit for all together (503).
         *
         *     Send the last event's id as `Last-Event-ID` to resume; after more than a hundred missed changes `reset` comes instead. Read it by fetch: EventSource cannot send `Authorization`.
         */
        get: operations["streamTaskEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tasks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List tasks
         * @description One page of tasks. The order is stable: a task added meanwhile never repeats or hides another.
         */
        get: operations["listTasks"];
        put?: never;
        /**
         * Create a task
         * @description It belongs to the signed-in user. With an `Idempotency-Key` it is created once, however often it is sent.
         */
        post: operations["createTask"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tasks/batch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Create, change, delete and restore several tasks
         * @description Up to 100 operations in one transaction: all are done, or none. The first that fails names its place.
         */
        post: operations["batchTasks"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tasks/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a task
         * @description With its `ETag`, which `If-Match` and `If-None-Match` take.
         */
        get: operations["getTask"];
        put?: never;
        post?: never;
        /**
         * Delete a task
         * @description It is gone from every read and list at once, and can be restored for 30 days. A second `DELETE` answers 404, as on a task that never was: after a lost answer both mean that it is gone.
         */
        delete: operations["deleteTask"];
        options?: never;
        head?: never;
        /**
         * Change a task
         * @description Without `If-Match` the last write wins.
         */
        patch: operations["updateTask"];
        trace?: never;
    };
    "/api/tasks/{id}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Restore a deleted task
         * @description The same task again: its id, dates and place in every list, under a new version. Safe to repeat: a task that is not deleted is answered as it is. 404 once it was removed for good, 30 days after its deletion at the earliest.
         */
        post: operations["restoreTask"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        Health: {
            /**
             * @example ok
             * @enum {string}
             */
            status: "ok";
        };
        User: {
            /** @example ZqV0c8gM3nB1xT5kR7yW2uE9aH4dJ6fS */
            id: string;
            /** @example Ada Lovelace */
            name: string;
            /** @example ada@example.com */
            email: string;
            /** @example true */
            emailVerified: boolean;
            /**
             * @description Address of the user's picture.
             * @example null
             */
            image: string | null;
            /**
             * @description Roles, separated by commas.
             * @example user
             */
            role: string | null;
        };
        Session: {
            /**
             * @description Names the session, and opens nothing: it is not the token.
             * @example hN4pQ8sU1wY6bD3fG9jK5mR0tV7xC2zE
             */
            id: string;
            /**
             * Format: date-time
             * @example 2030-03-01T08:30:00.000Z
             */
            createdAt: string;
            /**
             * Format: date-time
             * @example 2030-03-08T08:30:00.000Z
             */
            expiresAt: string;
            /**
             * @description Id of the administrator who acts as this user.
             * @example null
             */
            impersonatedBy: string | null;
        };
        Me: {
            user: components["schemas"]["User"];
            session: components["schemas"]["Session"];
        };
        MeResponse: {
            data: components["schemas"]["Me"];
        };
        Task: {
            /**
             * Format: uuid
             * @example 0198b5c2-7d3f-7a10-9c41-5d2f3c1e8a77
             */
            id: string;
            /** @example Book the venue */
            title: string;
            /** @example Ask for a projector, and whether dogs may come in. */
            description: string | null;
            /**
             * @example todo
             * @enum {string}
             */
            status: "todo" | "in_progress" | "done";
            /**
             * @example high
             * @enum {string}
             */
            priority: "low" | "medium" | "high";
            /**
             * Format: date
             * @description The day the task is due.
             * @example 2030-03-14
             */
            dueOn: string | null;
            /**
             * Format: date-time
             * @deprecated
             * @description Use `dueOn`. An instant on that day in UTC; noon when the task was given a day alone.
             * @example 2030-03-14T12:00:00.000Z
             */
            dueAt: string | null;
            /**
             * Format: date-time
             * @example 2030-03-01T08:30:00.000Z
             */
            createdAt: string;
            /**
             * Format: date-time
             * @example 2030-03-01T08:30:00.000Z
             */
            updatedAt: string;
            /**
             * @description Rises by one with every change. In quotes it is the ETag.
             * @example 1
             */
            version: number;
        };
        Page: {
            /**
             * @description Give it as `cursor` to get the next page; null on the last one.
             * @example null
             */
            nextCursor: string | null;
            /** @example 20 */
            limit: number;
        };
        TaskList: {
            data: components["schemas"]["Task"][];
            page: components["schemas"]["Page"];
        };
        CreateTask: {
            /** @example Book the venue */
            title: string;
            /** @example Ask for a projector. */
            description?: string | null;
            /**
             * @default todo
             * @example todo
             * @enum {string}
             */
            status?: "todo" | "in_progress" | "done";
            /**
             * @default medium
             * @example high
             * @enum {string}
             */
            priority?: "low" | "medium" | "high";
            /**
             * Format: date
             * @description The day it is due. `dueAt` becomes noon of it in UTC.
             * @example 2030-03-14
             */
            dueOn?: string | null;
            /**
             * Format: date-time
             * @deprecated
             * @description Use `dueOn`, which becomes the day of this instant in UTC. Kept to the millisecond. Both together must mean the same day.
             * @example 2030-03-14T12:00:00Z
             */
            dueAt?: string | null;
        };
        TaskResponse: {
            data: components["schemas"]["Task"];
        };
        CreateTaskOperation: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            op: "create";
            task: components["schemas"]["CreateTask"];
        };
        UpdateTask: {
            /** @example Book the larger venue */
            title?: string;
            /** @example null */
            description?: string | null;
            /**
             * @example done
             * @enum {string}
             */
            status?: "todo" | "in_progress" | "done";
            /**
             * @example low
             * @enum {string}
             */
            priority?: "low" | "medium" | "high";
            /**
             * Format: date
             * @description The day it is due. `dueAt` becomes noon of it in UTC.
             * @example 2030-03-15
             */
            dueOn?: string | null;
            /**
             * Format: date-time
             * @deprecated
             * @description Use `dueOn`, which becomes the day of this instant in UTC. Kept to the millisecond. Both together must mean the same day.
             * @example 2030-03-15T12:00:00Z
             */
            dueAt?: string | null;
        };
        UpdateTaskOperation: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            op: "update";
            /**
             * Format: uuid
             * @example 0198b5c2-7d3f-7a10-9c41-5d2f3c1e8a77
             */
            id: string;
            /**
             * @description Only if the task still has this version.
             * @example 1
             */
            version?: number;
            changes: components["schemas"]["UpdateTask"];
        };
        DeleteTaskOperation: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            op: "delete";
            /**
             * Format: uuid
             * @example 0198b5c2-7d3f-7a10-9c41-5d2f3c1e8a78
             */
            id: string;
            /**
             * @description Only if the task still has this version.
             * @example 3
             */
            version?: number;
        };
        RestoreTaskOperation: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            op: "restore";
            /**
             * Format: uuid
             * @example 0198b5c2-7d3f-7a10-9c41-5d2f3c1e8a79
             */
            id: string;
        };
        BatchTasks: {
            /** @description Done in this order, all or none. */
            operations: (components["schemas"]["CreateTaskOperation"] | components["schemas"]["UpdateTaskOperation"] | components["schemas"]["DeleteTaskOperation"] | components["schemas"]["RestoreTaskOperation"])[];
        };
        BatchResult: {
            /**
             * @example create
             * @enum {string}
             */
            op: "create" | "update" | "delete" | "restore";
            /**
             * Format: uuid
             * @example 0198b5c2-7d3f-7a10-9c41-5d2f3c1e8a77
             */
            id: string;
            /** @description The task as the operation left it; null when it was deleted. */
            task: components["schemas"]["Task"] | null;
        };
        BatchTasksResponse: {
            /** @description One result for each operation, in their order. */
            data: components["schemas"]["BatchResult"][];
        };
        ProblemError: {
            /**
             * @description JSON pointer into the body, or below `/query`, `/path`, `/headers`.
             * @example /title
             */
            pointer: string;
            /** @example must be a string of 1 to 200 characters, not only white space */
            message: string;
        };
        Problem: {
            /**
             * Format: uri
             * @description Identifies the kind of problem.
             * @example urn:problem:not_found
             */
            type: string;
            /** @example Not Found */
            title: string;
            /** @example 404 */
            status: number;
            /**
             * @description What happened, for people.
             * @example There is nothing here.
             */
            detail: string;
            /**
             * @description The kind of problem, for programs. New codes may be added.
             * @example not_found
             */
            code: string;
            /**
             * @description As in the `X-Request-Id` header and the logs.
             * @example 7f9c0a5e-0f0b-4a56-9a3c-1d2e3f405162
             */
            requestId: string;
            /** @description Which inputs were refused, and why. */
            errors?: components["schemas"]["ProblemError"][];
        };
    };
    responses: {
        /** @description Bad Request. Something in the request is invalid; `errors` says what. */
        BadRequest: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "urn:problem:validation_failed",
                 *       "title": "Bad Request",
                 *       "status": 400,
                 *       "detail": "The request is malformed.",
                 *       "code": "validation_failed",
                 *       "errors": [
                 *         {
                 *           "pointer": "/title",
                 *           "message": "must be a string of 1 to 200 characters, not only white space"
                 *         }
                 *       ],
                 *       "requestId": "7f9c0a5e-0f0b-4a56-9a3c-1d2e3f405162"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Unauthorized. No valid session: sign in and send a new token. One body for every cause. */
        Unauthorized: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "urn:problem:unauthenticated",
                 *       "title": "Unauthorized",
                 *       "status": 401,
                 *       "detail": "A valid session is required.",
                 *       "code": "unauthenticated",
                 *       "requestId": "7f9c0a5e-0f0b-4a56-9a3c-1d2e3f405162"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Forbidden. The session is valid but may not do this, or the cookie came from an untrusted `Origin`. */
        Forbidden: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "urn:problem:origin_not_trusted",
                 *       "title": "Forbidden",
                 *       "status": 403,
                 *       "detail": "This session may not do that.",
                 *       "code": "origin_not_trusted",
                 *       "requestId": "7f9c0a5e-0f0b-4a56-9a3c-1d2e3f405162"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Not Found. No such resource, or another user's: the two are not told apart. */
        NotFound: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "urn:problem:not_found",
                 *       "title": "Not Found",
                 *       "status": 404,
                 *       "detail": "There is nothing here.",
                 *       "code": "not_found",
                 *       "requestId": "7f9c0a5e-0f0b-4a56-9a3c-1d2e3f405162"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Conflict. A value is taken already, or something else still refers to this (`conflict`); or a request with this `Idempotency-Key` is still being processed (`idempotency_in_flight`). */
        Conflict: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "Retry-After": components["headers"]["RetryAfterInFlight"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "urn:problem:conflict",
                 *       "title": "Conflict",
                 *       "status": 409,
                 *       "detail": "The request conflicts with another one.",
                 *       "code": "conflict",
                 *       "errors": [
                 *         {
                 *           "pointer": "/title",
                 *           "message": "is taken already"
                 *         }
                 *       ],
                 *       "requestId": "7f9c0a5e-0f0b-4a56-9a3c-1d2e3f405162"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Precondition Failed. The resource has changed since the version `If-Match` names. */
        PreconditionFailed: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "urn:problem:precondition_failed",
                 *       "title": "Precondition Failed",
                 *       "status": 412,
                 *       "detail": "The resource has changed: read it again and retry with its new ETag.",
                 *       "code": "precondition_failed",
                 *       "requestId": "7f9c0a5e-0f0b-4a56-9a3c-1d2e3f405162"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Payload Too Large. The body is larger than the limit, 1 MiB unless the server is told otherwise. */
        ContentTooLarge: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "urn:problem:body_too_large",
                 *       "title": "Payload Too Large",
                 *       "status": 413,
                 *       "detail": "The body is larger than the limit.",
                 *       "code": "body_too_large",
                 *       "requestId": "7f9c0a5e-0f0b-4a56-9a3c-1d2e3f405162"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Unsupported Media Type. The body is not `application/json`, or it is encoded. */
        UnsupportedMediaType: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "urn:problem:unsupported_media_type",
                 *       "title": "Unsupported Media Type",
                 *       "status": 415,
                 *       "detail": "Send the body as application/json.",
                 *       "code": "unsupported_media_type",
                 *       "requestId": "7f9c0a5e-0f0b-4a56-9a3c-1d2e3f405162"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Unprocessable Entity. A value refers to something that does not exist (`unknown_reference`), or the `Idempotency-Key` was used with another request (`idempotency_key_reused`). Or the user keeps as much as they may: `quota_exceeded`. */
        UnprocessableContent: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "urn:problem:unknown_reference",
                 *       "title": "Unprocessable Entity",
                 *       "status": 422,
                 *       "detail": "The request cannot be processed.",
                 *       "code": "unknown_reference",
                 *       "errors": [
                 *         {
                 *           "pointer": "/projectId",
                 *           "message": "names nothing that exists"
                 *         }
                 *       ],
                 *       "requestId": "7f9c0a5e-0f0b-4a56-9a3c-1d2e3f405162"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Too Many Requests. The limit of requests a minute is reached. */
        TooManyRequests: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "Retry-After": components["headers"]["Retry-After"];
                "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "urn:problem:rate_limited",
                 *       "title": "Too Many Requests",
                 *       "status": 429,
                 *       "detail": "Too many requests: wait for the time Retry-After says.",
                 *       "code": "rate_limited",
                 *       "requestId": "7f9c0a5e-0f0b-4a56-9a3c-1d2e3f405162"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Internal Server Error. A fault of the API; the request id leads to it in the logs. */
        InternalServerError: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "urn:problem:internal_error",
                 *       "title": "Internal Server Error",
                 *       "status": 500,
                 *       "detail": "Something went wrong on our side. The request id helps to find it in the logs.",
                 *       "code": "internal_error",
                 *       "requestId": "7f9c0a5e-0f0b-4a56-9a3c-1d2e3f405162"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Service Unavailable. Not now: the database does not answer (`database_unavailable`), a statement reached its time limit (`time_limit`), another request changed the same rows (`transaction_conflict`), or too much is under way at once (`too_many_at_once`). */
        ServiceUnavailable: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "Retry-After": components["headers"]["Retry-After"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "urn:problem:database_unavailable",
                 *       "title": "Service Unavailable",
                 *       "status": 503,
                 *       "detail": "The service is unavailable for the moment: retry after the time Retry-After says.",
                 *       "code": "database_unavailable",
                 *       "requestId": "7f9c0a5e-0f0b-4a56-9a3c-1d2e3f405162"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: {
        /**
         * @description The request's id: the one sent, or a new one.
         * @example 7f9c0a5e-0f0b-4a56-9a3c-1d2e3f405162
         */
        "X-Request-Id": string;
        /**
         * @description The challenge (RFC 6750); `error="invalid_token"` when a credential was sent and refused.
         * @example Bearer realm="api", error="invalid_token"
         */
        "WWW-Authenticate": string;
        /**
         * @description Seconds to wait.
         * @example 2
         */
        "Retry-After": number;
        /**
         * @description Seconds to wait; with `idempotency_in_flight` only.
         * @example 1
         */
        RetryAfterInFlight: number;
        /**
         * @description Requests allowed a minute.
         * @example 600
         */
        "RateLimit-Limit": number;
        /**
         * @description Requests left in this minute.
         * @example 599
         */
        "RateLimit-Remaining": number;
        /**
         * @description Seconds until the limit is full again.
         * @example 60
         */
        "RateLimit-Reset": number;
        /**
         * @description The resource's version, for `If-Match` and `If-None-Match`.
         * @example "1"
         */
        ETag: string;
        /**
         * @description Where the new resource is.
         * @example /api/tasks/0198b5c2-7d3f-7a10-9c41-5d2f3c1e8a77
         */
        Location: string;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    getLiveness: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            500: components["responses"]["InternalServerError"];
        };
    };
    getReadiness: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description They can. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    getMe: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The user and the session. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MeResponse"];
                };
            };
            401: components["responses"]["Unauthorized"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    streamTaskEvents: {
        parameters: {
            query?: never;
            header?: {
                /** @description Id of the last event seen: what came after it is sent first, or `reset`. */
                "Last-Event-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The stream. It stays open, with a comment every 15 seconds. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example event: task.updated
                     *     id: 1f0d6e5a-93b5-4b0f-9f0a-0d3e0b5a7c11
                     *     data: {"id":"0198b5c2-7d3f-7a10-9c41-5d2f3c1e8a77","version":2}
                     */
                    "text/event-stream": string;
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    listTasks: {
        parameters: {
            query?: {
                /** @description Items a page. */
                limit?: number;
                /** @description `page.nextCursor` of the page before. Only valid for the same user, filters and sort; the limit may change. */
                cursor?: string;
                /** @description Only tasks with this status. */
                status?: "todo" | "in_progress" | "done";
                /** @description Only tasks with this priority. */
                priority?: "low" | "medium" | "high";
                /** @description Only tasks whose title or description contains this text, whatever its case. */
                q?: string;
                /** @description Only tasks due on this day or later. */
                dueFrom?: string;
                /** @description Only tasks due on this day or earlier. */
                dueTo?: string;
                /**
                 * @deprecated
                 * @description Use `dueTo`. Only tasks whose `dueAt` is before this instant.
                 */
                dueBefore?: string;
                /**
                 * @deprecated
                 * @description Use `dueFrom`. Only tasks whose `dueAt` is after this instant.
                 */
                dueAfter?: string;
                /** @description The order; `-` is descending. Tasks without a due date come last either way. `dueAt` and `-dueAt` are deprecated: use `dueOn` and `-dueOn`, the same order. */
                sort?: "createdAt" | "-createdAt" | "dueOn" | "-dueOn" | "dueAt" | "-dueAt" | "priority" | "-priority" | "title" | "-title";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of tasks. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TaskList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    createTask: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: for 24 hours a copy with the same key gets the first answer, headers included. One key for one request. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateTask"];
            };
        };
        responses: {
            /** @description The task as it was created. */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    ETag: components["headers"]["ETag"];
                    Location: components["headers"]["Location"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TaskResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["ContentTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableContent"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    batchTasks: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: for 24 hours a copy with the same key gets the first answer, headers included. One key for one request. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BatchTasks"];
            };
        };
        responses: {
            /** @description Every operation was done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BatchTasksResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["ContentTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableContent"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    getTask: {
        parameters: {
            query?: never;
            header?: {
                /** @description Versions the client has: 304 when one of them is current. */
                "If-None-Match"?: string;
            };
            path: {
                /** @description The task's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The task. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TaskResponse"];
                };
            };
            /** @description The version the client has is current. */
            304: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    deleteTask: {
        parameters: {
            query?: never;
            header?: {
                /** @description Only if the task still has one of these versions, or `*`. */
                "If-Match"?: string;
            };
            path: {
                /** @description The task's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The task is gone. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["PreconditionFailed"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    updateTask: {
        parameters: {
            query?: never;
            header?: {
                /** @description Only if the task still has one of these versions, or `*`. */
                "If-Match"?: string;
            };
            path: {
                /** @description The task's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateTask"];
            };
        };
        responses: {
            /** @description The task as it is now. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TaskResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["ContentTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableContent"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    restoreTask: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The task's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The task as it is now. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TaskResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            422: components["responses"]["UnprocessableContent"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
}
