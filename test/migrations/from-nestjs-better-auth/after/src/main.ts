import { createApp } from './app.ts';

const app = await createApp();
await app.listen(4000);
