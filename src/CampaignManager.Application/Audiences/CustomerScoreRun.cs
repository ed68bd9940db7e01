using System.Text.Json.Serialization;

namespace CampaignManager.Application.Audiences;

/// <summary>Which version scores all customers; null takes the shop's version in use when the run starts.</summary>
public sealed record ScoreCustomers(Guid? ModelId = null);

/// <summary>What scores hang on: the same basis gives the same scores, so a bucket with it is done.</summary>
/// <param name="ModelHash">SHA-256 of <c>model.json</c>.</param>
/// <param name="FeaturesHash">SHA-256 of the customers' features.</param>
/// <param name="CampaignId">The campaign whose offer the customers are scored for: the newest the model learnt from; null when the model looks at no offer.</param>
/// <param name="Offer">That offer, as the features see it.</param>
public sealed record ScoreBasis(Guid ModelId, string ModelHash, string FeaturesHash, Guid? CampaignId, string? Offer);

/// <summary>One bucket's file as it was written; <c>manifest.json</c> beside it.</summary>
/// <param name="Sha256">Of the file: a torn one is noticed.</param>
public sealed record ScoredBucket(int Bucket, long Rows, string Sha256, ScoreBasis Basis);

/// <summary>A whole run, written when its last bucket is there; <c>run.json</c> above the buckets.</summary>
/// <param name="FeaturesAt">When the customers were described, UTC.</param>
/// <param name="CampaignName">Of the campaign whose offer was taken.</param>
/// <param name="Arms">Treated arms, in the order of <c>uplift_1</c>, <c>uplift_2</c> ...</param>
public sealed record ScoredRun(
    ScoreBasis Basis, DateTime At, DateTime FeaturesAt, string? CampaignName, IReadOnlyList<string> Arms, long Rows, IReadOnlyDictionary<int, string> Buckets)
{
    [JsonIgnore]
    public Guid ModelId => Basis.ModelId;
}

/// <param name="Scored">Buckets scored by this run.</param>
/// <param name="Kept">Buckets that stood already.</param>
public sealed record ScoreCustomersResult(Guid ModelId, long Rows, int Scored, int Kept, Guid? CampaignId, string? CampaignName);
