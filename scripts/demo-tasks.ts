/** A task as the API takes it. */
export interface DemoTask {
  title: string;
  description: string | null;
  status: 'todo' | 'in_progress' | 'done';
  priority: 'low' | 'medium' | 'high';
  dueAt: string | null;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** A dozen tasks of somebody who moves flat and runs a small shop, due around `now`. */
export function demoTasks(now: Date): DemoTask[] {
  const due = (days: number): string => new Date(now.getTime() + days * DAY_MS).toISOString();
  const task = (
    title: string,
    status: DemoTask['status'],
    priority: DemoTask['priority'],
    dueAt: string | null,
    description: string | null = null,
  ): DemoTask => ({ title, description, status, priority, dueAt });
  return [
    task(
      'Order packaging for the autumn range',
      'done',
      'medium',
      due(-6),
      '200 boxes of 30 × 20 × 12 cm, recycled board.',
    ),
    task('Renew the passport', 'todo', 'high', due(12), 'Biometric photo is in the blue folder. Appointment needed.'),
    task(
      'Compare quotes for the shop window',
      'in_progress',
      'medium',
      due(3),
      'Two of three are in. Ask about the warranty on the frame.',
    ),
    task('Book the van for moving day', 'todo', 'high', due(5), 'Saturday, 8:00 to 14:00, with a ramp.'),
    task('Send the invoice to Harbour Books', 'todo', 'high', due(-1), 'Net 14 days. Mention the delivery note 2207.'),
    task('Water the neighbours’ plants', 'in_progress', 'low', due(1)),
    task(
      'Read the new lease to the end',
      'done',
      'high',
      due(-3),
      'Clause 7 on subletting was unclear; the landlord has confirmed it by mail.',
    ),
    task('Register the new address', 'todo', 'medium', due(19)),
    task('Back up the photos from the trip', 'todo', 'low', null, 'The card in the camera is nearly full.'),
    task(
      'Prepare the stocktaking list',
      'in_progress',
      'high',
      due(2),
      'Export from the till first, then walk the shelves.',
    ),
    task('Find a recipe for twelve guests', 'todo', 'low', due(9)),
    task('Cancel the old internet contract', 'done', 'medium', due(-10), 'Confirmed in writing, ends with the month.'),
  ];
}
