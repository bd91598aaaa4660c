import pg from 'pg';

type Reader = (text: string) => unknown;

const TIMESTAMPTZ: number = pg.types.builtins.TIMESTAMPTZ;
const builtIn = pg.types.getTypeParser as (oid: number, format?: 'text' | 'binary') => Reader;

/**
 * pg's own readers of values, with a quicker one for timestamptz: a page of twenty rows has sixty of them. It leaves to
 * the built-in one what is unusual: other time zones, years before 1 or after 9999, infinity.
 */
export const PG_TYPES: pg.CustomTypesConfig = {
  getTypeParser: ((oid, format) =>
    oid === TIMESTAMPTZ && format !== 'binary' ? toDate : builtIn(oid, format)) as typeof builtIn,
};

/** What PostgreSQL writes for a time in UTC, such as `2030-03-14 09:00:00.123+00`, is nearly what Date reads. */
function toDate(text: string): unknown {
  const isPlain = text.endsWith('+00') && text[4] === '-';
  return isPlain ? new Date(`${text.slice(0, 10)}T${text.slice(11, -3)}Z`) : builtIn(TIMESTAMPTZ)(text);
}
