export const session = 2;
