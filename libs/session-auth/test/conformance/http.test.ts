import { eventStream, overHttp } from './http.transports.ts';
import { conformance } from './suite.ts';

conformance(overHttp('fastify'));
conformance(overHttp('fastify', 'post'));
conformance(overHttp('express'));
conformance(eventStream);
