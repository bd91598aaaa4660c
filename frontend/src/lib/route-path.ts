const WORD = /^[a-z_.-]*\d?$/;

/**
 * A path as a trace may hold it: words stay, ids and tokens become `:id`, the query goes.
 * @example routePath('/api/tasks/0198-…?x=1') // '/api/tasks/:id'
 */
export function routePath(url: string): string {
  const [path = ''] = url.split(/[?#]/, 1);
  return path
    .split('/')
    .map((part) => (WORD.test(part) ? part : ':id'))
    .join('/');
}
