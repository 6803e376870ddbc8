/** What the page's content security policy stopped, told by the worker. */
export interface PolicyReply {
  type: 'policy';
  /** Directive of the policy: `connect-src`. */
  directive: string;
  /** What was asked for: an address, or a word such as `eval`. */
  blocked: string;
}
