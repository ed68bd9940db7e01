using System.Collections.Concurrent;
using CampaignManager.Application.Jobs;

namespace CampaignManager.Application.Tests.Jobs;

/// <summary>Where work stands still, as a machine does that swaps or sleeps: it hears no token, and goes on when the test lets it.</summary>
internal sealed class Stall
{
    public TaskCompletionSource Reached { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Set before the work begins to make it stand still.</summary>
    public TaskCompletionSource? Gate { get; set; }

    /// <summary>The part that stands still.</summary>
    public int Part { get; set; } = -1;

    /// <summary>The part that fails.</summary>
    public int Failing { get; set; } = -1;

    public ConcurrentQueue<int> Begun { get; } = [];

    public List<string> Published { get; } = [];

    public async Task HereAsync()
    {
        Reached.TrySetResult();
        if (Gate is { } gate)
            await gate.Task;
    }
}

/// <summary>Stalls, and then does what a worker must not do that another one has replaced.</summary>
internal sealed class StallingJob(Stall stall) : IJob
{
    public const string Kind = "stall";

    public async Task<object?> RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        await context.ReportAsync(JobStage.Training, 0.25, cancellationToken);
        await stall.HereAsync();
        foreach (var act in (Func<Task>[])
        [
            () => context.ReportAsync(JobStage.Saving, 0.5, CancellationToken.None),
            () => context.LogAsync(JobSentence.Of("customers-scored", $"Woke up."), CancellationToken.None),
            () => context.EnsureClaimedAsync(CancellationToken.None),
            () => Task.Run(() => RunClaim.Publish(() => stall.Published.Add($"attempt {context.Attempt}")), CancellationToken.None),
        ])
        {
            try
            {
                await act();
            }
            catch (ClaimLostException) when (context.Attempt == 1)
            {
                stall.Begun.Enqueue(0);
            }
        }

        return new CountUp(context.Attempt);
    }
}

/// <summary>Squares in parts, put together in their order.</summary>
internal sealed class PartedJob(JobParts parts) : IJob
{
    public const string Kind = "parted";

    public const string Work = "square";

    public async Task<object?> RunAsync(JobContext context, CancellationToken cancellationToken) => await parts.RunAsync<int>(
        context, Work, context.Arguments<CountUp>().To!.Value, new CountUp(10), share => context.ReportAsync(JobStage.Scoring, share, cancellationToken), cancellationToken);
}

internal sealed class SquarePart(Stall stall) : IJobPart
{
    public async Task<object?> RunAsync(PartContext part, CancellationToken cancellationToken)
    {
        stall.Begun.Enqueue(part.Number);
        if (part.Number == stall.Failing)
            throw new JobFailedException("nothing-to-learn-from", $"Part {part.Number} is of no use.");
        if (part.Number == stall.Part)
            await stall.HereAsync().WaitAsync(cancellationToken);
        return (part.Number * part.Number) + part.Arguments<CountUp>().To!.Value;
    }
}
