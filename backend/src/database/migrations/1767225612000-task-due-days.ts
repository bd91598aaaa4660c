import { OWNER_SETTING } from '@session-guard/isolation';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A task is due on a day: the day of `due_at` in UTC. The web application used to write 23:59 of the chosen day where
 * its user was, which west of Greenwich is the next day in UTC. Such times become noon of the day that was chosen.
 * Times of 10:59 and 11:59 are left alone: they are New Zealand's end of the same day.
 */
export class TaskDueDays1767225612000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    // Row level security is forced on the owner too, who may be no superuser: each user's rows are asked for by name.
    await queryRunner.query(`
      do $$
      declare owner "user".id%type;
      begin
        for owner in select id from "user" loop
          perform set_config('${OWNER_SETTING}', owner::text, true);
          update task
             set due_at = (date_trunc('day', due_at at time zone 'UTC') - interval '12 hours') at time zone 'UTC',
                 version = version + 1, updated_at = now()
           where user_id = owner and (due_at at time zone 'UTC')::time in (${WESTERN_DAYS_ENDS});
        end loop;
        perform set_config('${OWNER_SETTING}', '', true);
      end $$`);
  }

  /** The times as they were are not known any more, and noon suits every release. */
  async down(): Promise<void> {}
}

/** 00:59 to 09:59, that is 23:59 at one to ten hours west of Greenwich. */
const WESTERN_DAYS_ENDS = Array.from({ length: 10 }, (_, hour) => `'0${hour}:59'`).join(', ');
