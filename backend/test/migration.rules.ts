/** A statement that stops a running application, and what to do instead. */
interface Rule {
  /** Matched against one action on a table that was there before the migration, in lower case. */
  refuses: RegExp;
  except?: RegExp;
  instead: string;
}

const RULES: readonly Rule[] = [
  {
    refuses: /^create (unique )?index(?! concurrently)/,
    instead: 'holds up every write: createIndexConcurrently() in a migration of its own',
  },
  {
    refuses: /\badd (column )?.*\bnot null\b/,
    except: /\bdefault\b|\badd constraint\b/,
    instead:
      'fails for the rows there are, and for writers that do not know the column: give it a default, or make it ' +
      'nullable',
  },
  {
    refuses: new RegExp(
      String.raw`\badd (column )?.*(\bgenerated always ` +
        String.raw`as\b|\bdefault\b.*\b(gen_random_uuid|uuidv7|uuidv4|random|clock_timestamp|nextval)\s*\(|` +
        String.raw`\b(big)?serial\b)`,
    ),
    instead: 'rewrites the table under an exclusive lock: add it empty, fill it in batches',
  },
  {
    refuses: /\balter (column )?\S+ (set data )?type\b/,
    instead: 'rewrites the table under an exclusive lock: add a column, write both, move readers, drop the old one',
  },
  {
    refuses: /\balter (column )?\S+ set not null\b/,
    instead: 'reads the whole table under an exclusive lock: add a check (…is not null) not valid, validate it later',
  },
  {
    refuses: /\badd constraint\b.*\b(check|foreign key)\b/,
    except: /\bnot valid\b/,
    instead: 'reads the whole table under a lock: add it not valid, and validate it in a later migration',
  },
  {
    refuses: /\badd (constraint \S+ )?(unique|primary key|exclude)\b/,
    except: /\busing index\b/,
    instead: 'builds its index under an exclusive lock: createIndexConcurrently(), then add constraint … using index',
  },
  {
    refuses: /\bdrop column\b|^drop (table|view|function|type)\b|\brename\b/,
    instead:
      'breaks the release that still runs: contract one release after the last reader is gone, and say so in ' +
      'safeBecause',
  },
  {
    refuses: /^(truncate|vacuum full|cluster|lock table|reindex(?!.* concurrently))\b/,
    instead: 'locks the table against everybody',
  },
];

/**
 * What in a migration would stop, slow or break applications that run beside it. Tables that the migration makes itself
 * are nobody's yet, and free.
 *
 * @param statements in the order they are run
 * @returns a line for each, with what to do instead
 */
export function dangers(statements: readonly string[]): string[] {
  const made = new Set<string>();
  return statements.flatMap(split).flatMap((statement) => {
    const created = /^create (?:unlogged )?table (?:if not exists )?"?(\w+)"?/.exec(statement)?.[1];
    if (created !== undefined) {
      made.add(created);
      return [];
    }
    const table = tableOf(statement);
    if (table !== undefined && made.has(table)) return [];
    const broken = RULES.filter(({ refuses, except }) => refuses.test(statement) && !except?.test(statement));
    return broken.map(({ instead }) => `${statement.slice(0, 120)}: ${instead}`);
  });
}

/** Single statements in lower case, without the bodies of functions and the text of literals. */
function split(sql: string): string[] {
  const bare = sql
    .replaceAll(/\$(\w*)\$[\s\S]*?\$\1\$/g, '$$$$')
    .replaceAll(/'(?:[^']|'')*'/g, "''")
    .replaceAll(/--[^\n]*/g, '')
    .toLowerCase();
  return bare
    .split(';')
    .map((statement) => statement.trim().replaceAll(/\s+/g, ' '))
    .filter((statement) => statement !== '');
}

function tableOf(statement: string): string | undefined {
  return (/^(?:alter|drop|truncate|lock) table (?:if exists )?(?:only )?"?(\w+)"?/.exec(statement) ??
    /^create (?:unique )?index .*? on (?:only )?"?(\w+)"?/.exec(statement))?.[1];
}
