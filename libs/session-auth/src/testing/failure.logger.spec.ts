import { Controller, Get } from '@nestjs/common';
import request from 'supertest';
import { AllowAnonymous } from '@session-guard/auth';
import { createTestApp, FakeAuthModule } from './index.ts';

@AllowAnonymous()
@Controller()
class FailingController {
  @Get('statement') statement(): never {
    throw Object.assign(new Error('duplicate key'), {
      query: 'insert into note values ($1)',
      parameters: ['mine'],
      code: '23505',
      constraint: 'note_title',
    });
  }
}

it('a request that fails unexpectedly shows the statement in the test, and no parameter', async () => {
  const written: string[] = [];
  const streams = [process.stdout, process.stderr].map((stream) =>
    jest.spyOn(stream, 'write').mockImplementation((chunk) => written.push(String(chunk)) > 0),
  );
  const app = await createTestApp({ imports: [FakeAuthModule.forRoot()], controllers: [FailingController] });
  await request(app.getHttpServer()).get('/statement').expect(500);
  await app.close();
  for (const stream of streams) stream.mockRestore();
  expect(written.join('')).toMatch(/duplicate key.*insert into note values \(\$1\).*note_title/s);
  expect(written.join('')).not.toContain('mine');
});
