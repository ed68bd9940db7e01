using System.Collections.Concurrent;
using CampaignManager.Application.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace CampaignManager.Application.Tests.Jobs;

/// <summary>Stands before the parts of a work: says which were begun, and does what a test wishes before one of them.</summary>
internal sealed class PartGate
{
    public ConcurrentQueue<int> Begun { get; } = new();

    /// <summary>Before a part is done; null lets all pass.</summary>
    public Func<int, CancellationToken, Task>? Before { get; set; }

    public void Guard<TPart>(IServiceCollection services, string work)
        where TPart : class, IJobPart =>
        services.AddKeyedTransient<IJobPart>(work, (provider, _) => new Guarded(this, ActivatorUtilities.CreateInstance<TPart>(provider)));

    private sealed class Guarded(PartGate gate, IJobPart part) : IJobPart, IDisposable
    {
        public int AtOnce => part.AtOnce;

        public async Task<object?> RunAsync(PartContext context, CancellationToken cancellationToken)
        {
            gate.Begun.Enqueue(context.Number);
            if (gate.Before is { } before)
                await before(context.Number, cancellationToken);
            return await part.RunAsync(context, cancellationToken);
        }

        public void Dispose() => (part as IDisposable)?.Dispose();
    }
}
