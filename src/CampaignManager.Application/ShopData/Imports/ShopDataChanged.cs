namespace CampaignManager.Application.ShopData.Imports;

/// <summary>A shop's files came in or were taken back: what is computed from them is out of date. The room that computes it says what follows.</summary>
public delegate Task ShopDataChanged(CancellationToken cancellationToken);

/// <summary>Past campaigns came in or were taken back: who keeps campaigns brings its list up to date. May be called at any time.</summary>
public delegate Task PastCampaignsChanged(CancellationToken cancellationToken);
