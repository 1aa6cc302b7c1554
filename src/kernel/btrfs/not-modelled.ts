/** What the model knows to be beyond it. It stops there and says so; it never guesses. */
export class NotModelled extends Error {
  override name = 'NotModelled'
}
