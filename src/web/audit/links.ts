export const ordersPath = '/audit';
export const eventsPath = '/audit/events';
export const orderHistoryPath = (orderId: string): string => `/audit/orders/${encodeURIComponent(orderId)}`;
