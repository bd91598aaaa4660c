import { ApiProperty, ApiSchema } from '@nestjs/swagger';

@ApiSchema({ name: 'User' })
export class UserDto {
  @ApiProperty({ type: String, example: 'ZqV0c8gM3nB1xT5kR7yW2uE9aH4dJ6fS' })
  id!: string;

  @ApiProperty({ type: String, example: 'Ada Lovelace' })
  name!: string;

  @ApiProperty({ type: String, example: 'ada@example.com' })
  email!: string;

  @ApiProperty({ type: Boolean, example: true })
  emailVerified!: boolean;

  @ApiProperty({ type: String, nullable: true, description: "Address of the user's picture.", example: null })
  image!: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'Roles, separated by commas.', example: 'user' })
  role!: string | null;
}

@ApiSchema({ name: 'Session' })
export class SessionDto {
  @ApiProperty({
    type: String,
    description: 'Names the session, and opens nothing: it is not the token.',
    example: 'hN4pQ8sU1wY6bD3fG9jK5mR0tV7xC2zE',
  })
  id!: string;

  @ApiProperty({ type: String, format: 'date-time', example: '2030-03-01T08:30:00.000Z' })
  createdAt!: string;

  @ApiProperty({ type: String, format: 'date-time', example: '2030-03-08T08:30:00.000Z' })
  expiresAt!: string;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Id of the administrator who acts as this user.',
    example: null,
  })
  impersonatedBy!: string | null;
}

@ApiSchema({ name: 'Me' })
export class MeDto {
  @ApiProperty({ type: UserDto })
  user!: UserDto;

  @ApiProperty({ type: SessionDto })
  session!: SessionDto;
}

@ApiSchema({ name: 'MeResponse' })
export class MeResponseDto {
  @ApiProperty({ type: MeDto })
  data!: MeDto;
}
