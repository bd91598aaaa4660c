import { routePath } from './route-path.ts';

it.each([
  ['/tasks?q=milk#top', '/tasks'],
  ['/api/tasks/0c1d9d5e-6f0f-4a53-9d52-0f5f0a0b6f11', '/api/tasks/:id'],
  ['/api/auth/reset-password/x7RkPq2LmN8sTuVwYzAbCdEf?callbackURL=%2F', '/api/auth/reset-password/:id'],
  ['/api/auth/oauth2/callback/oidc?code=secret', '/api/auth/oauth2/callback/oidc'],
  ['/', '/'],
])('%s is %s', (url, path) => expect(routePath(url)).toBe(path));
