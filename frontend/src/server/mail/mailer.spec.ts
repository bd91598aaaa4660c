import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMailer, type Mail } from './mailer.ts';

const MAIL: Mail = {
  to: 'ada@example.com',
  subject: 'Confirm your email address',
  lines: ['Hello <b>Ada</b>,', 'Confirm it.'],
  link: { label: 'Confirm', url: 'http://localhost:3000/x?token=t&y=1' },
};

describe('createMailer', () => {
  it('writes to the outbox, readable by the owner alone, and prints the link', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'mailer-'));
    const print = jest.spyOn(console, 'log').mockImplementation(() => undefined);
    try {
      await createMailer({ url: undefined, from: 'a@b.c', dataDir })(MAIL);
      const [name = ''] = await readdir(join(dataDir, 'outbox'));
      const path = join(dataDir, 'outbox', name);
      expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({
        to: MAIL.to,
        subject: MAIL.subject,
        link: MAIL.link.url,
      });
      expect((await stat(path)).mode & 0o077).toBe(0);
      expect(print.mock.calls.flat().join('\n')).toContain(MAIL.link.url);
    } finally {
      print.mockRestore();
      await rm(dataDir, { recursive: true });
    }
  });

  it('sends by SMTP, as text and as HTML that nobody’s name can break', async () => {
    const server = createServer();
    const received = new Promise<string>((resolve) => {
      server.on('connection', (socket) => {
        let text = '';
        let data = false;
        socket.write('220 test\r\n');
        socket.on('data', (chunk) => {
          text += chunk.toString();
          if (data) {
            if (!text.endsWith('\r\n.\r\n')) return;
            data = false;
            socket.write('250 ok\r\n');
            resolve(text);
          } else if (/^DATA\r\n$/m.test(text)) {
            data = true;
            text = '';
            socket.write('354 go\r\n');
          } else if (/^QUIT/m.test(chunk.toString())) socket.end('221 bye\r\n');
          else socket.write('250 ok\r\n');
        });
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    try {
      await createMailer({ url: `smtp://127.0.0.1:${port}`, from: 'Session Guard <a@b.c>', dataDir: '' })(MAIL);
      const text = (await received).replaceAll('=\r\n', '');
      expect(text).toContain('To: ada@example.com');
      expect(text).toContain('Hello &lt;b&gt;Ada&lt;/b&gt;');
      expect(text).toContain('http://localhost:3000/x?token');
    } finally {
      server.close();
    }
  });
});
