/**
 * Lint rule: every class has a private or protected member. TypeScript compares classes by their shape unless one
 * has such a member; only then is an object that merely looks alike no instance.
 */

/** @param {{ key?: { type: string } | null, accessibility?: string | null }} member */
const isOwn = ({ key, accessibility }) =>
  key?.type === 'PrivateIdentifier' || accessibility === 'private' || accessibility === 'protected';

/** The rule, as oxlint takes it. */
const rule = {
  meta: {
    type: 'problem',
    docs: { description: 'every class has a private or protected member' },
    schema: [],
    messages: {
      shape:
        'No member of this class is private or protected, so any object of its shape passes for an instance: ' +
        'make one private, or write `protected declare readonly nominal: true`.',
    },
  },
  /** @param {import('./layers.js').Context} context */
  create(context) {
    /** @param {{ body: { body: Parameters<typeof isOwn>[0][] } }} node */
    const check = (node) => {
      if (!node.body.body.some((member) => isOwn(member))) context.report({ node, messageId: 'shape' });
    };
    return { ClassDeclaration: check, ClassExpression: check };
  },
};

export default rule;
