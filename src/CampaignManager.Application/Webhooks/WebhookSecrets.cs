using System.Security.Cryptography;
using CampaignManager.Application.Data;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Webhooks;

/// <summary>Webhooks' secrets lie encrypted, each for its own webhook: exchanged rows sign nothing.</summary>
public sealed class WebhookSecrets(MasterKey key, IDbContextFactory<AppDbContext> contexts)
{
    public string Protect(Guid webhook, string secret) => key.Protect(secret, Purpose(webhook));

    /// <returns>Null when the master key does not read it.</returns>
    public string? Read(Guid webhook, string stored)
    {
        try
        {
            return key.Unprotect(stored, Purpose(webhook));
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    /// <summary>At start: those that an earlier release kept in the clear.</summary>
    /// <returns>How many there were.</returns>
    public async Task<int> EncryptAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var clear = await context.Webhooks.Where(w => !w.Secret.StartsWith(MasterKey.Mark)).Select(w => new { w.Id, w.Secret })
            .ToListAsync(cancellationToken);
        foreach (var webhook in clear)
        {
            var secret = Protect(webhook.Id, webhook.Secret);
            await context.Webhooks.Where(w => w.Id == webhook.Id && w.Secret == webhook.Secret)
                .ExecuteUpdateAsync(s => s.SetProperty(w => w.Secret, secret), cancellationToken);
        }

        return clear.Count;
    }

    private static string Purpose(Guid webhook) => $"webhook/{webhook:N}";
}
