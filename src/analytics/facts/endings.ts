/** How orders end, by code. */
export const endings = ['closed', 'rejected', 'cancelled-by-customer', 'cancelled-by-supplier'] as const;
export type Ending = (typeof endings)[number];
