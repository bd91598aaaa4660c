import { continueTraces } from './lib/trace.ts';

// Next runs this before the page comes alive.
continueTraces(document, window);
