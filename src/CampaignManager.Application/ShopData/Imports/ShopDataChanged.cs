namespace CampaignManager.Application.ShopData.Imports;

/// <summary>A shop's files came in or were taken back: what is computed from them is out of date. The room that computes it says what follows.</summary>
public delegate Task ShopDataChanged(CancellationToken cancellationToken);
