/** One scaling benchmark's result: a table, and a chart for the documentation. */
export interface Finding {
  readonly title: string;
  /** Name of the chart's file in docs/charts, without `.svg`. */
  readonly file: string;
  readonly svg: string;
  /** Markdown. */
  readonly text: string;
}
