namespace CampaignManager.Application.ShopData.Imports;

/// <summary>Whether the demo shop is here, or being built: a shop's own files must not mix with it. The room of the demo shop says so.</summary>
public delegate Task<bool> DemoDataPresent(CancellationToken cancellationToken);
