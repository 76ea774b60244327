import { Body, Controller, Get, HttpCode, Param, Post, Put, UseGuards } from '@nestjs/common';
import { createFleetRequest, fleetIdSchema, nodeIndexSchema, replaceNodeRequest, setFleetStateRequest } from '@strongroom/contracts';
import { parsed } from '../encoding/parsed.js';
import { AddressLimitGuard } from '../rate-limit/address-limit.guard.js';
import type { Account } from '../token/account.js';
import { AccountGuard, CurrentAccount, OperatorGuard } from '../token/account.guard.js';
import { OperatorService, type BundleView, type EnrolmentsView, type FleetsView, type FleetView } from './operator.service.js';

/** The operator's side has no other HTTP door. */
@Controller('v1/operator')
@UseGuards(AddressLimitGuard, AccountGuard, OperatorGuard)
export class OperatorHttp {
  constructor(private readonly operator: OperatorService) {}

  @Get('enrolments')
  enrolments(@CurrentAccount() { token }: Account): Promise<EnrolmentsView> {
    return this.operator.enrolments(token);
  }

  @Get('fleets')
  fleets(@CurrentAccount() { token }: Account): Promise<FleetsView> {
    return this.operator.fleets(token);
  }

  @Post('fleets')
  @HttpCode(201)
  createFleet(@CurrentAccount() { token }: Account, @Body() body: unknown): Promise<FleetView> {
    return this.operator.createFleet(token, parsed(createFleetRequest, body));
  }

  @Put('fleets/:fleetId/state')
  setFleetState(@CurrentAccount() { token }: Account, @Param('fleetId') fleetId: string, @Body() body: unknown): Promise<FleetView> {
    const { state } = parsed(setFleetStateRequest, body);
    return this.operator.setFleetState(token, parsed(fleetIdSchema, fleetId, 'fleetId'), state);
  }

  @Put('fleets/:fleetId/nodes/:node')
  replaceNode(
    @CurrentAccount() { token }: Account,
    @Param('fleetId') fleetId: string,
    @Param('node') node: string,
    @Body() body: unknown,
  ): Promise<FleetView> {
    const { member } = parsed(replaceNodeRequest, body);
    const place = { fleetId: parsed(fleetIdSchema, fleetId, 'fleetId'), node: parsed(nodeIndexSchema, Number(node), 'node') };
    return this.operator.replaceNode(token, { ...place, member });
  }

  @Post('fleets/:fleetId/refresh')
  @HttpCode(200)
  refreshFleet(@CurrentAccount() { token }: Account, @Param('fleetId') fleetId: string): Promise<FleetView> {
    return this.operator.refreshFleet(token, parsed(fleetIdSchema, fleetId, 'fleetId'));
  }

  @Post('bundles')
  @HttpCode(201)
  proposeBundle(@CurrentAccount() { token }: Account): Promise<BundleView> {
    return this.operator.proposeBundle(token);
  }
}
