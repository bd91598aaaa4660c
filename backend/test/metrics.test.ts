import request from 'supertest';
import { MetricsServer } from '../src/metrics/metrics.server.ts';
import { createTestApp, type TestApp } from './app.ts';

let api: TestApp;
let metrics: string;

beforeAll(async () => {
  api = await createTestApp({ env: { METRICS_PORT: '0' } });
  metrics = `http://127.0.0.1:${api.app.get(MetricsServer).port}`;
});
afterAll(() => api.close());

describe('GET /metrics', () => {
  it('counts verdicts, requests by route and connections, and names nobody', async () => {
    const ada = await api.signUp('Ada');
    await request(api.url).get('/api/me').set('authorization', ada.bearer).expect(200);
    await request(api.url).get('/api/me').set('authorization', ada.bearer).expect(200);
    await request(api.url).get('/api/me').set('authorization', 'Bearer unknown').expect(401);
    const { body } = await request(api.url)
      .post('/api/tasks')
      .set('authorization', ada.bearer)
      .send({ title: 'Metered' })
      .expect(201);
    await request(api.url).get(`/api/tasks/${body.data.id}`).set('authorization', ada.bearer).expect(200);
    const { text, headers } = await request(metrics).get('/metrics').expect(200);
    expect(headers['content-type']).toContain('text/plain');
    expect(text).toContain('session_guard_verdicts_total{result="accepted",source="memory",credential="token"} 3');
    expect(text).toContain('session_guard_verdicts_total{result="accepted",source="database",credential="token"} 1');
    expect(text).toMatch(/session_guard_verdicts_total\{result="unknown_session",source="\w+",credential="token"\} 1/);
    expect(text).toContain('http_request_duration_seconds_count{method="GET",route="/api/me",status="200"} 2');
    expect(text).toContain('http_request_duration_seconds_count{method="GET",route="/api/tasks/:id",status="200"} 1');
    expect(text).toContain('session_guard_channel_up 1');
    expect(text).toContain('session_guard_pool_connections{state="idle"}');
    for (const secret of [ada.token, ada.id, ada.email, body.data.id, 'unknown"']) expect(text).not.toContain(secret);
  });

  it('is not on the public port', async () => {
    await request(api.url).get('/metrics').expect(404);
    await request(api.url).get('/api/metrics').expect(404);
  });

  it('a taken METRICS_PORT → the start stops and names the key', async () => {
    const port = String(api.app.get(MetricsServer).port);
    await expect(createTestApp({ env: { METRICS_PORT: port }, database: api.database })).rejects.toThrow(
      /METRICS_PORT: is taken/,
    );
  });
});
