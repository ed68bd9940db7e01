namespace CampaignManager.Application.Campaigns.Codes;

/// <summary>
/// Enters a customer in a campaign's experiment before a code is issued to them. Registered by the room of experiments.
/// </summary>
/// <returns>False: the customer is held out, and is sent no code.</returns>
public delegate Task<bool> EnrolAtIssue(Guid campaignId, string customer, CancellationToken cancellationToken);
