export const inbox = {
  title: 'Inbox',
  empty: 'No messages yet.',
  emptyHint: 'You hear here when a download is ready, fails or expires.',
  unread: 'Unread',
  markRead: 'Mark as read',
  markAllRead: 'Mark all as read',
  show: 'Show the download',
  showWebhook: 'Show the webhook',
  mails: 'Emails',
  mailsHint: 'No mail server is configured, so messages to you are kept here.',
  to: (address: string) => `to ${address}`,
};
