using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using CampaignManager.Application.Data;
using CampaignManager.Engine.Offers.Pricing;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Campaigns.Codes;

/// <summary>Writes the codes of a batch by one statement for thousands of them. A code that the campaign has already is left out, and the count says so.</summary>
internal static class CodeWriting
{
    // Without what is easily taken for something else.
    private const string Letters = "ABCDEFGHJKMNPQRSTUVWXYZ23456789";
    private const int AtOnce = 10_000;

    // Each round draws only what the one before had met: when so many are not enough, the space of codes is full.
    private const int MostRounds = 5;

    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Draws until the batch is full. Call in a transaction.</summary>
    /// <returns>False when codes of this length and prefix have run out.</returns>
    public static async Task<bool> DrawAsync(AppDbContext context, CodeBatch batch, string prefix, int length, CancellationToken cancellationToken)
    {
        var missing = batch.Count;
        for (var round = 0; missing > 0 && round < MostRounds; round++)
            missing -= await AddAsync(context, batch, [.. Enumerable.Range(0, missing).Select(_ => prefix + RandomNumberGenerator.GetString(Letters, length))], cancellationToken);
        return missing == 0;
    }

    /// <summary>Adds codes as they are. Call in a transaction.</summary>
    /// <returns>How many were new to the campaign.</returns>
    public static async Task<int> AddAsync(AppDbContext context, CodeBatch batch, IReadOnlyList<string> codes, CancellationToken cancellationToken)
    {
        var added = 0;
        foreach (var some in codes.Chunk(AtOnce))
        {
            var json = JsonSerializer.Serialize(some.Select(code => new[] { code, CouponCode.Normalise(code) }), Json);
            var (id, campaign, uses) = (batch.Id, batch.CampaignId, batch.UsesPerCode);
            FormattableString sqlite = $"""
                INSERT INTO "IssuedCodes" ("BatchId", "CampaignId", "Code", "Normalised", "MaxUses", "Form")
                SELECT {id}, {campaign}, json_extract(value, '$[0]'), json_extract(value, '$[1]'), CAST({uses} AS INTEGER), 0 FROM json_each({json}) WHERE true
                ON CONFLICT ("CampaignId", "Normalised") DO NOTHING
                """;
            FormattableString postgres = $"""
                INSERT INTO "IssuedCodes" ("BatchId", "CampaignId", "Code", "Normalised", "MaxUses", "Form")
                SELECT {id}, {campaign}, pair->>0, pair->>1, CAST({uses} AS integer), 0 FROM jsonb_array_elements(CAST({json} AS jsonb)) AS codes(pair)
                ON CONFLICT ("CampaignId", "Normalised") DO NOTHING
                """;
            added += await context.Database.ExecuteSqlAsync(context.Database.IsSqlite() ? sqlite : postgres, cancellationToken);
        }

        return added;
    }
}
