/** Whether the server could be reached at the last attempt. */
class Connection {
  lost = $state(false);
}

export const connection = new Connection();
