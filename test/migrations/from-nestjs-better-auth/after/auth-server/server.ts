import { createServer } from 'node:http';
import { toNodeHandler } from 'better-auth/node';
import { auth } from './auth.ts';

const handle = toNodeHandler(auth);
createServer((request, response) => void handle(request, response)).listen(3000);
