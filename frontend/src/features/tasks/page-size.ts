/** Tasks a page of the endless list. */
export const PAGE_SIZE = 25;
