export const ordersPath = '/audit';
export const eventsPath = '/audit/events';
export const orderHistoryPath = (orderId: string): string => `/audit/orders/${encodeURIComponent(orderId)}`;

/** The page that tells which events made a place in the order: `status`, `lines/0/promise`. */
export const explainPath = (orderId: string, field: string): string =>
  `${orderHistoryPath(orderId)}/explain?${new URLSearchParams({ field })}`;

export const streamPath = (stream: string): string => `${eventsPath}?${new URLSearchParams({ stream })}`;

/** A further page about an order, e.g. its proof. Other rooms give theirs. */
export interface OrderLink {
  readonly title: string;
  readonly href: string;
}
export type OrderLinks = (orderId: string) => readonly OrderLink[];

export const certificatesPath = '/audit/certificates';
export const quarantinePath = '/audit/quarantine';
export const certificatePath = (id: string): string => `${certificatesPath}/${encodeURIComponent(id)}`;
export const parkedPath = (projection: string, stream: string): string =>
  `${quarantinePath}/${encodeURIComponent(projection)}/${encodeURIComponent(stream)}`;
