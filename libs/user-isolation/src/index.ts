export const iso = 2;
