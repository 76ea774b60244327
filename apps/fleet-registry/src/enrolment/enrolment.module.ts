import { Module } from '@nestjs/common';
import { EnrolmentDoor } from './enrolment.nats.js';
import { PgEnrolmentStore } from './enrolment.pg.js';
import { EnrolmentService } from './enrolment.service.js';
import { EnrolmentStore } from './enrolment.store.js';

@Module({ providers: [{ provide: EnrolmentStore, useClass: PgEnrolmentStore }, EnrolmentService, EnrolmentDoor] })
export class EnrolmentModule {}
