import { z } from 'zod'
import { MAX_PASSWORD_LENGTH } from './limits.ts'

export const LoginInputSchema = z.object({ password: z.string().min(1).max(MAX_PASSWORD_LENGTH) })
export type LoginInput = z.infer<typeof LoginInputSchema>

export const SessionOutputSchema = z.object({ role: z.enum(['admin', 'anonymous']) })
export type SessionOutput = z.infer<typeof SessionOutputSchema>
