/**
 * Schemas are checked without compiled code, which the page's content security policy forbids: zod would try it,
 * and the browser report the attempt. Imported before anything that makes a schema.
 */
import { config } from 'zod';

config({ jitless: true });
