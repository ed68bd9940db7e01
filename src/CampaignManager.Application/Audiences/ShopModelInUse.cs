namespace CampaignManager.Application.Audiences;

/// <summary>The version of the shop's model that is in use, as far as ranking customers needs it.</summary>
/// <param name="Number">Its number within the shop's.</param>
public sealed record RankingModel(Guid Id, int Number);

/// <summary>Finds it; null before the first. Registered by whoever keeps the models, which stand after audiences.</summary>
public delegate Task<RankingModel?> ShopModelInUse(CancellationToken cancellationToken);
